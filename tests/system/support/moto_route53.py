"""moto's server as Route 53, and AWS's own client to set it up: a second opinion on the wire format."""
from support.python_packages import find_python_packages

find_python_packages()

import boto3  # noqa: E402
from moto.server import ThreadedMotoServer  # noqa: E402

KEYS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1"}
A_BATCH = 300  # changes of one request; the API takes 1,000


class MotoRoute53:
    def __init__(self):
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self._server.start()
        host, port = self._server.get_host_and_port()
        self.url = f"http://{host}:{port}"
        self.client = boto3.client("route53", endpoint_url=self.url, region_name="us-east-1",
                                   aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
                                   aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"])
        self._zones = 0

    def create_zone(self, name="servicediscovery.internal", private=True):
        """The new zone's id."""
        self._zones += 1
        more = {"VPC": {"VPCRegion": "us-east-1", "VPCId": "vpc-1"}} if private else {}
        made = self.client.create_hosted_zone(
            Name=name, CallerReference=str(self._zones),
            HostedZoneConfig={"PrivateZone": private, "Comment": f"zone {self._zones}"}, **more)
        return made["HostedZone"]["Id"].rsplit("/", 1)[1]

    def delete_zone(self, zone):
        sets = self.client.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone)
        found = [one for page in sets for one in page["ResourceRecordSets"]
                 if one["Type"] not in ("SOA", "NS")]
        self.change(zone, "DELETE", found)
        self.client.delete_hosted_zone(Id=zone)

    def change(self, zone, action, sets, comment="test"):
        for first in range(0, len(sets), A_BATCH):
            changes = [{"Action": action, "ResourceRecordSet": one} for one in sets[first:first + A_BATCH]]
            self.client.change_resource_record_sets(
                HostedZoneId=zone, ChangeBatch={"Comment": comment, "Changes": changes})

    def create(self, zone, *sets):
        self.change(zone, "CREATE", sets)

    def create_check(self, **config):
        self._zones += 1
        made = self.client.create_health_check(
            CallerReference=str(self._zones),
            HealthCheckConfig={"IPAddress": "10.0.0.1", "Port": 80, "Type": "TCP", **config})
        return made["HealthCheck"]["Id"]

    def close(self):
        self._server.stop()


def record_set(name, rdtype, *values, ttl=0, **more):
    """A set as boto3 takes it; names without a last dot are in the zone."""
    whole = name if name.endswith(".") else f"{name}.servicediscovery.internal"
    made = {"Name": whole, "Type": rdtype, **more}
    if values:
        made.update(TTL=ttl, ResourceRecords=[{"Value": value} for value in values])
    return made


def weighted(name, rdtype, value, identifier, weight=1, **more):
    return record_set(name, rdtype, value, SetIdentifier=identifier, Weight=weight, **more)


def alias(name, rdtype, zone, target, evaluate=False, **more):
    return record_set(name, rdtype, AliasTarget={
        "HostedZoneId": zone, "DNSName": target, "EvaluateTargetHealth": evaluate}, **more)
