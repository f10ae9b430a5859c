import { connect } from "node:net";
import { WebSocket } from "undici";

/** What a SPICE viewer's tunnel brings, or the status that refuses it. */
export async function spice(apiUrl: string, host: string, port: number): Promise<string> {
    const { hostname, port: own } = new URL(apiUrl);
    const socket = connect({ host: hostname, port: Number(own) });
    socket.write(`CONNECT ${host}:${port} HTTP/1.1\r\nhost: ${host}:${port}\r\n\r\n`);
    let said = "";
    for await (const chunk of socket) {
        said += String(chunk);
        const [, status = "", rest = ""] = /^HTTP\/1\.1 (\d+)[^]*?\r\n\r\n([^]*)$/.exec(said) ?? [];
        if (status === "200" && rest !== "") return rest;
        if (status !== "" && status !== "200") return status;
    }
    return said;
}

/** The same of an HTML5 viewer. */
export async function html5(apiUrl: string, host: string, port: number): Promise<string> {
    const socket = new WebSocket(`${apiUrl.replace("http", "ws")}/websockify/${host}/${port}`);
    return await new Promise((resolve) => {
        socket.addEventListener("error", () => resolve("refused"));
        socket.addEventListener("message", ({ data }) => {
            void (data as Blob).text().then(resolve);
            socket.close();
        });
    });
}
