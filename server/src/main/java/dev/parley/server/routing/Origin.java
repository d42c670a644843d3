package dev.parley.server.routing;

import dev.parley.protocol.Address;
import dev.parley.protocol.Sender;
import dev.parley.server.group.Place;
import dev.parley.server.hook.SendOrder;
import dev.parley.server.security.Identity;
import java.util.function.Function;

/** Who sends: a person on a connection, or a service through the HTTP API. */
public sealed interface Origin {

    /** The sender as the message's receivers see it. */
    Sender sender();

    /** The sender's name in deduplication, unique among people and services. */
    String dedupName();

    /** In which order it sends, where messages are decided about; null for who sends one thing. */
    SendOrder order();

    /**
     * A signed-in connection.
     *
     * @param identity who
     * @param connection on which connection
     * @param places how the connection is in a group; null for one it is not in
     */
    record Person(Identity identity, String connection, Function<Address.Group, Place> places, SendOrder order)
            implements Origin {
        @Override
        public Sender sender() {
            return new Sender.Person(identity.user(), identity.name(), connection);
        }

        @Override
        public String dedupName() {
            return "u:" + identity.user();
        }
    }

    /**
     * A backend with a service key, trusted to send to everybody.
     *
     * @param name the key's name
     * @param order of one call
     */
    record Service(String name, SendOrder order) implements Origin {

        /** For one call, whose messages keep their order. */
        public Service(String name) {
            this(name, new SendOrder());
        }

        @Override
        public Sender sender() {
            return new Sender.Service(name);
        }

        @Override
        public String dedupName() {
            return "s:" + name;
        }
    }
}
