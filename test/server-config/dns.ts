/** A name server for a host and its containers: the names in /dns have an address, all others do not exist. */
export const nameServer = `
import socket
import sys

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
# the answer comes from the address that was asked
server.bind((sys.argv[1], 53))
while True:
    query, sender = server.recvfrom(512)
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1 : at + 1 + query[at]].decode())
        at += 1 + query[at]
    question, kind = query[12 : at + 5], query[at + 2]
    known = ".".join(labels).lower() in open("/dns").read().split()
    answers = b"\\xc0\\x0c\\x00\\x01\\x00\\x01\\x00\\x00\\x00\\x05\\x00\\x04\\xc0\\x00\\x02\\x01" if known and kind == 1 else b""
    header = query[:2] + (b"\\x81\\x80" if known else b"\\x81\\x83") + b"\\0\\1" + bytes([0, 1 if answers else 0]) + bytes(4)
    server.sendto(header + question + answers, sender)
`;
