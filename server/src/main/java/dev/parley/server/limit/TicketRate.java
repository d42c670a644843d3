package dev.parley.server.limit;

import dev.parley.server.config.ParleyConfig;
import jakarta.inject.Singleton;
import java.time.Duration;

/** How many tickets are made for one user in a minute: each lies in the store until it is used, or too old. Asked by the HTTP API, on any thread. */
@Singleton
public final class TicketRate {
    private final KeyedRate rate;
    private final Exceeded exceeded;

    TicketRate(ParleyConfig config, Exceeded exceeded) {
        this.rate = new KeyedRate(config.limits().ticketsPerUser(), Duration.ofMinutes(1), System::nanoTime);
        this.exceeded = exceeded;
    }

    /** Counts a ticket that is about to be made. Gives whether it may be; else it does not count. */
    public boolean take(String user) {
        boolean may = rate.take(user) == 0;
        if (!may) {
            exceeded.count(Limit.TICKETS_PER_USER);
        }
        return may;
    }
}
