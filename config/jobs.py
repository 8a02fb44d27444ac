"""Settings of the job worker (procrastinate): queue names, heartbeat, retention."""

import os

JOB_QUEUES = [
    "fast",
    "media",
    "bulk",
]  # fast: someone waits · media: renditions, CPU-bound · bulk: nightly, may be late
JOB_HEARTBEAT_SECONDS = int(os.environ.get("JOB_HEARTBEAT", "10"))
JOB_STALLED_SECONDS = 3 * JOB_HEARTBEAT_SECONDS  # a worker silent for so long is dead; its jobs are run again
JOB_RESCUE_CRON = f"* * * * * */{JOB_HEARTBEAT_SECONDS}"  # the sixth field is seconds
JOB_RETENTION_CRON = "17 19 * * *"  # 03:17 in China
JOB_KEEP_DONE_HOURS = 72
JOB_KEEP_FAILED_HOURS = 30 * 24

PROCRASTINATE_WORKER_DEFAULTS = {
    "delete_jobs": "never",
    "listen_notify": True,
    "fetch_job_polling_interval": 2.0,  # new jobs are notified; retried and rescued ones are found by this
    "update_heartbeat_interval": float(JOB_HEARTBEAT_SECONDS),
    "stalled_worker_timeout": float(JOB_STALLED_SECONDS),
}
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""  # tenants.jobs.discover() finds the rooms' jobs modules, which are no apps
