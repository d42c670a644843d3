/** Tests of presence: on one instance, on several with a real Redis, and of the stores' contract. */
package dev.parley.server.presence;
