"""A session where there is no network, watched for attempts to reach one."""
