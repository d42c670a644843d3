/** Tests of the load generator: that it reads right, and that a server which loses, repeats or reorders messages is found out. */
package dev.parley.client.bench;
