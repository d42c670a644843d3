package dev.parley.server.fuzz;

import java.io.IOException;
import java.net.URI;
import java.util.Random;

/** One way of being a nuisance. Its cases are independent of each other, so that one can be done again alone. */
interface Attack {

    /** A name for findings and counts. */
    String name();

    /**
     * Does one case.
     *
     * @param chance where everything that is chosen comes from
     * @param say is told of what was wrong, and what happened
     * @throws IOException when the server was not there, or silent for too long where it must answer: that is a finding, too
     */
    void once(URI server, Random chance, Told say) throws IOException;

    /** Hears of one case. */
    interface Told {

        /** Something that must not happen. */
        void wrong(String what);

        /** Something that may happen, to be counted. */
        void happened(String what);

        /** What was sent last, shown if something is wrong. */
        void sent(byte[] bytes);
    }
}
