"""banli 办理: the provider's engine that gets business done inside a chat."""

__version__ = "0.1.0"
