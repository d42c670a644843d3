/** Who one is: people by token, guests, and services by key. Nothing here knows sockets, and of HTTP only where a token stands in a request. */
package dev.parley.server.security;
