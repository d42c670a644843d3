/** A client of a Parley hub: it connects, resumes after a loss, acknowledges, and keeps a cursor per channel. */
package dev.parley.client;
