// A hub on Socket.IO: event m goes to all, event e back. Usage: node socketio.js PORT
const server = require("http").createServer();
const { Server } = require("socket.io");

const io = new Server(server, { transports: ["websocket"], perMessageDeflate: false, serveClient: false });
io.on("connection", (socket) => {
  socket.on("m", (data) => io.emit("m", data));
  socket.on("e", (data) => socket.emit("e", data));
});
server.listen(Number(process.argv[2]), "127.0.0.1", 4096);
