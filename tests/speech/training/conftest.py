"""What needs PyTorch is collected where the extra `speech-training` is installed, as in CI."""

from __future__ import annotations

from importlib.util import find_spec

collect_ignore = [] if find_spec("torch") else ["test_cutting.py", "test_network.py", "test_trainer.py"]
