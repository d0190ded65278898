"""A small repository with two files of one name, an empty one, and one without a language."""

from __future__ import annotations

FILES = {
    "README.txt": "# x\n",
    "app/__init__.py": "",
    "app/views.py": "from models import Shop\n\ndef show_shop():\n    return Shop()\n",
    "app/models.py": "class Shop:\n    pass\n",
    "lib/views.py": "def other_view():\n    pass\n",
}
