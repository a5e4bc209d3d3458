"""What needs PyTorch is collected where the extra `speech-training` is installed, as in CI."""

from __future__ import annotations

from importlib.util import find_spec

_NEED_IT = ["test_cutting.py", "test_network.py", "test_trainer.py"]

collect_ignore = [] if find_spec("torch") else _NEED_IT
