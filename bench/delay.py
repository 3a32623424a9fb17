"""A TCP proxy that is far away: `python -m bench.delay PORT TO ONE_WAY_S`. Adds time, takes no bandwidth."""

import asyncio
import socket
import sys


async def _carry(
    reader: asyncio.StreamReader, source: asyncio.StreamWriter, writer: asyncio.StreamWriter, one_way_s: float
) -> None:
    """Everything that comes in goes out `one_way_s` later, however much is on its way meanwhile."""
    loop, here = asyncio.get_running_loop(), source.get_extra_info("socket")
    writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while data := await reader.read(256 * 1024):
        here.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)  # 20 ms and not 40 more of our own
        loop.call_later(one_way_s, writer.write, data)
    loop.call_later(one_way_s, writer.close)


async def main(port: int, to: int, one_way_s: float) -> None:
    async def accept(near: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        far, onward = await asyncio.open_connection("127.0.0.1", to)
        await asyncio.gather(_carry(near, answer, onward, one_way_s), _carry(far, onward, answer, one_way_s))

    server = await asyncio.start_server(accept, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
