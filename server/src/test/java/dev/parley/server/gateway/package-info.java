/** The gateway as its clients see it: real sockets against the running server, on the words of the protocol alone. */
package dev.parley.server.gateway;
