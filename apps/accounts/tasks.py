from celery import shared_task

from apps.accounts.passwords import mail_reset_link


@shared_task(name="apps.accounts.tasks.send_reset_mail")
def send_reset_mail(email: str, site: str) -> None:
    """In a worker, so that the page takes the same time whether or not the address exists."""
    mail_reset_link(email=email, site=site)
