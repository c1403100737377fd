import logging
import warnings


def silence_trainers() -> None:
    """Leave the output to the steps: no bars, no advice, one thread."""
    import datasets
    import torch
    import transformers

    warnings.simplefilter("ignore")
    datasets.disable_progress_bars()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    logging.getLogger("trl").setLevel(logging.ERROR)
    torch.set_num_threads(1)
    torch.manual_seed(0)
