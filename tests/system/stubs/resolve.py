"""Python's socket module, and dnspython for SRV, with arguments and lines as in c_library.c."""
import socket
import sys
import time

import dns.exception
import dns.resolver

FAMILIES = {"A": socket.AF_INET, "AAAA": socket.AF_INET6, "ANY": socket.AF_UNSPEC}


def look_up(kind, name):
    try:
        if kind == "SRV":
            return ["found"] + [f"{each.target}:{each.port}" for each in dns.resolver.resolve(name, "SRV", search=True)]
        return ["found"] + [each[4][0] for each in socket.getaddrinfo(name, None, FAMILIES[kind], socket.SOCK_STREAM)]
    except socket.gaierror as error:
        return ["none"] if error.errno in (socket.EAI_NONAME, socket.EAI_NODATA) else ["failed", str(error)]
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return ["none"]
    except dns.exception.DNSException as error:
        return ["failed", str(error)]


for word in sys.argv[1:]:
    began = time.monotonic()
    said = look_up(*word.split(":"))
    print(round((time.monotonic() - began) * 1000), *said)
