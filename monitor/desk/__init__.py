"""The analyst chat: what each command and each button answers, to whom, and what it changes.

Knows no telethon: it is handed what was said and pressed, and hands back answers.
"""
