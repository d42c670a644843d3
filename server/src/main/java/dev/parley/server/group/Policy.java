package dev.parley.server.group;

import dev.parley.server.security.Action;

/**
 * Who may do what in the groups of a namespace.
 *
 * @param create who may make a durable group by being the first to join it
 * @param members most members of a durable group
 * @param anonymous whether messages may be read without a token
 */
record Policy(
        Rule create, Rule join, Rule send, Rule read, Rule presence, Rule manage, int members, boolean anonymous) {

    Rule of(Action action) {
        return switch (action) {
            case JOIN -> join;
            case SEND -> send;
            case READ -> read;
            case PRESENCE -> presence;
            case MANAGE -> manage;
        };
    }
}
