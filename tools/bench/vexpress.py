# SPDX-License-Identifier: BSD-2-Clause
"""The bench guest's rows once more, on the other board: `make bench BENCH=vexpress`. The
same guest and the same ceilings, for no path but the board's own knows the board.
"""

import dataclasses

import rows

GROUP = "vexpress"
PREFIX = "ve_"


def _on_board(row):
    return dataclasses.replace(row, name=PREFIX + row.name,
                               system=row.system.replace("bench-", "bench-vexpress-"))


ROWS = [_on_board(row) for row in rows.ROWS]

# What the board's own addresses cost, instructions by row: one more to make each of them
# (its UART's flags and data; GICH, saved and restored, twice in a message to and fro;
# GICD_SGIR), or to keep it meanwhile (its RAM).
MORE = {
    "mmio_uart_write": 2,
    "mmio_writeback": 1,
    "world_switch": 2,
    "world_switch_wfi": 2,
    "world_switch_irq": 2,
    "ivc_ping_pong": 4,
    "ivc_buffer": 4,
    "ipi_send": 1,
}


def ceiling(name, ceilings):
    """A row's ceiling, or None; of a row on this board: the other's, and what it adds."""
    own = name.removeprefix(PREFIX)
    more = MORE.get(own, 0) if own != name else 0
    return None if own not in ceilings else ceilings[own] + more
