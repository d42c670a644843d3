package dev.parley.server.hook;

import java.util.concurrent.CompletionStage;

/** A webhook that is told what happened. Any thread; nothing blocks. */
interface Hearer {

    /**
     * Has it told of an event, at least once from when this completes on.
     *
     * @return done; fails with {@code unavailable} when it is not known whether it will be told
     */
    CompletionStage<Void> tell(CloudEvent event);

    /** How many events this instance is about to tell. */
    int waiting();

    /** Begins nothing new. */
    void stop();

    /** Lets others go on. */
    void release();
}
