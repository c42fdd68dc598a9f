"""Dialogs in which Enter belongs to the field it is typed in."""

from PyQt6.QtWidgets import QDialog, QPushButton


def no_default(dialog: QDialog) -> None:
    """Takes the default button away: Enter in a line of text would press it as well."""
    for button in dialog.findChildren(QPushButton):
        button.setAutoDefault(False)
        button.setDefault(False)
