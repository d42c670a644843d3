/** The events that wait for webhooks, in Redis, shared by all instances. */
package dev.parley.server.hook.redis;
