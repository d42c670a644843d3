package dev.parley.server.log;

import java.util.concurrent.CompletionStage;

/** A doorbell that is being heard, until closed. */
public interface Following {

    /** Completes when every later append is heard; a head read after that and the rings from then on leave no hole between them. */
    CompletionStage<Void> ready();

    /** Hears no more; may be called more than once, from any thread. A ring under way may still arrive. */
    void close();
}
