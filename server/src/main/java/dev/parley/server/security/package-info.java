/** Who one is: people by token, guests, and services by key. Nothing here knows sockets or HTTP. */
package dev.parley.server.security;
