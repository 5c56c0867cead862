# SPDX-License-Identifier: BSD-2-Clause
"""What the target tests share: building, starting and talking to a system."""
