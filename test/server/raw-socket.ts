import net from "node:net";

/** Sends bytes on a socket of their own, piece by piece, and gathers what comes back until the other side closes. */
export function sendRaw(port: number, pieces: readonly (string | Buffer)[], pauseMs = 0): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = net.connect(port, "127.0.0.1");
    const send = async () => {
      for (const piece of pieces) {
        if (socket.destroyed) return;
        socket.write(piece);
        await new Promise((go) => setTimeout(go, pauseMs));
      }
    };
    socket.on("connect", send);
    socket.on("data", (chunk) => chunks.push(chunk));
    // Whoever is cut off while sending sees a reset.
    socket.on("error", () => {});
    socket.on("close", () => resolve(Buffer.concat(chunks).toString()));
  });
}
