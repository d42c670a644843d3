/** The parts of delivery that can be held against an obvious model by themselves. */
package dev.parley.server.delivery;
