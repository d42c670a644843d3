// A hub of the usual design on gorilla/websocket: one goroutine owns a map of clients, each with a buffered channel and two goroutines.
// /ws sends what comes to all, /echo sends it back. With -coalesce, what waits in a client's channel goes into one message, a line each.
package main

import (
	"flag"
	"log"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

const (
	queue        = 256
	writeTimeout = 10 * time.Second
	pingPeriod   = 54 * time.Second
)

var (
	address  = flag.String("address", "127.0.0.1:9100", "where to listen")
	coalesce = flag.Bool("coalesce", false, "put messages that wait into one, a line each")
	upgrader = websocket.Upgrader{ReadBufferSize: 1024, WriteBufferSize: 1024, CheckOrigin: func(*http.Request) bool { return true }}
)

type client struct {
	socket *websocket.Conn
	out    chan []byte
}

type hub struct {
	join, leave chan *client
	messages    chan []byte
}

func (h *hub) run() {
	clients := make(map[*client]struct{})
	drop := func(c *client) {
		if _, here := clients[c]; here {
			delete(clients, c)
			close(c.out)
		}
	}
	for {
		select {
		case c := <-h.join:
			clients[c] = struct{}{}
		case c := <-h.leave:
			drop(c)
		case m := <-h.messages:
			for c := range clients {
				select {
				case c.out <- m:
				default: // too slow: it is thrown out
					drop(c)
				}
			}
		}
	}
}

func (h *hub) read(c *client, echo bool) {
	defer func() {
		h.leave <- c
		c.socket.Close()
	}()
	for {
		_, m, err := c.socket.ReadMessage()
		if err != nil {
			return
		}
		if echo {
			c.out <- m
		} else {
			h.messages <- m
		}
	}
}

func (c *client) write() {
	ping := time.NewTicker(pingPeriod)
	defer ping.Stop()
	defer c.socket.Close()
	for {
		select {
		case m, open := <-c.out:
			c.socket.SetWriteDeadline(time.Now().Add(writeTimeout))
			if !open {
				c.socket.WriteMessage(websocket.CloseMessage, nil)
				return
			}
			if err := c.message(m); err != nil {
				return
			}
		case <-ping.C:
			c.socket.SetWriteDeadline(time.Now().Add(writeTimeout))
			if err := c.socket.WriteMessage(websocket.PingMessage, nil); err != nil {
				return
			}
		}
	}
}

func (c *client) message(m []byte) error {
	if !*coalesce {
		return c.socket.WriteMessage(websocket.TextMessage, m)
	}
	w, err := c.socket.NextWriter(websocket.TextMessage)
	if err != nil {
		return err
	}
	w.Write(m)
	for waiting := len(c.out); waiting > 0; waiting-- {
		w.Write([]byte{'\n'})
		w.Write(<-c.out)
	}
	return w.Close()
}

func main() {
	flag.Parse()
	h := &hub{make(chan *client), make(chan *client), make(chan []byte)}
	go h.run()
	serve := func(echo bool) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			socket, err := upgrader.Upgrade(w, r, nil)
			if err != nil {
				return
			}
			c := &client{socket, make(chan []byte, queue)}
			h.join <- c
			go c.write()
			go h.read(c, echo)
		}
	}
	http.HandleFunc("/ws", serve(false))
	http.HandleFunc("/echo", serve(true))
	log.Fatal(http.ListenAndServe(*address, nil))
}
