import asyncio
import gzip
import ssl
from pathlib import Path
from typing import TYPE_CHECKING

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived

from harvester.records import Capture

if TYPE_CHECKING:
    from conftest import Site

PAGE = b"<p>page</p>" * 1_000


async def serve_http2(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    connection = H2Connection(H2Configuration(client_side=False))
    connection.initiate_connection()
    writer.write(connection.data_to_send())
    while received := await reader.read(65_536):
        for event in connection.receive_data(received):
            if isinstance(event, RequestReceived) and event.stream_id:
                connection.send_headers(event.stream_id, [(":status", "200"), ("content-encoding", "gzip")])
                connection.send_data(event.stream_id, gzip.compress(PAGE), end_stream=True)
        writer.write(connection.data_to_send())
    writer.close()


def test_http2_is_spoken_where_set(site: "Site", certificate: Path) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    tls.set_alpn_protocols(["h2"])
    trust = ssl.create_default_context(cafile=certificate)

    async def once() -> Capture:
        server = await asyncio.start_server(serve_http2, "127.0.0.1", 0, ssl=tls)
        host = site.host(scheme="https", address=f"127.0.0.1:{server.sockets[0].getsockname()[1]}")
        async with server, site.fetcher(host, trust=trust, http2=True) as fetcher:
            return await fetcher.fetch("https://portal.test/a")

    capture = asyncio.run(once())
    assert (capture.body, capture.headers) == (PAGE, (("content-encoding", "gzip"),))
