// A hub on ws: /ws sends what comes to all, /echo sends it back. Usage: node ws.js PORT
const { createServer } = require("http");
const { WebSocketServer, WebSocket } = require("ws");

const options = { noServer: true, perMessageDeflate: false };
const hub = new WebSocketServer(options);
const echo = new WebSocketServer(options);

hub.on("connection", (socket) =>
  socket.on("message", (message) => {
    for (const client of hub.clients) {
      if (client.readyState === WebSocket.OPEN) {
        client.send(message, { binary: false });
      }
    }
  }),
);
echo.on("connection", (socket) => socket.on("message", (message) => socket.send(message, { binary: false })));

const server = createServer();
server.on("upgrade", (request, socket, head) => {
  const to = request.url.startsWith("/echo") ? echo : hub;
  to.handleUpgrade(request, socket, head, (client) => to.emit("connection", client, request));
});
server.listen(Number(process.argv[2]), "127.0.0.1", 4096);
