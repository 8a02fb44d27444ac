"""Settings of the job worker (procrastinate): one place for queue names and concurrency."""

QUEUES = ["fast", "media", "bulk"]
PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "never", "listen_notify": True}
