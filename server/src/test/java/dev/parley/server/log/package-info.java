/** What every log must do, run against each of them. */
package dev.parley.server.log;
