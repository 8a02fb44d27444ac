"""A studio's life after it was opened: export, restore, close, erase, support visits, its own address.

Each is one service, one management command, one operators' page. Works on any studio's tables without knowing them.
"""
