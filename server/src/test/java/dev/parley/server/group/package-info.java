/** Tests of groups: policies, membership with its entries, read positions, known users. */
package dev.parley.server.group;
