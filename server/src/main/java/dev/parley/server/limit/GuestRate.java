package dev.parley.server.limit;

import dev.parley.server.config.ParleyConfig;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.function.LongSupplier;

/** How many guests are made for one address in an hour: each of them is kept for months by what knows users. Asked by the gateway and the HTTP API, on any thread. */
@Singleton
public final class GuestRate {
    private final KeyedRate rate;
    private final Exceeded exceeded;

    @Inject
    GuestRate(ParleyConfig config, Exceeded exceeded) {
        this(config.limits().guestsPerAddress(), exceeded, System::nanoTime);
    }

    /** @param clock a {@link System#nanoTime} */
    GuestRate(int perHour, Exceeded exceeded, LongSupplier clock) {
        this.rate = new KeyedRate(perHour, Duration.ofHours(1), clock);
        this.exceeded = exceeded;
    }

    /**
     * Counts a guest that is about to be made.
     *
     * @param address as {@link ClientAddress} says it
     * @return 0 if it may be; else it does not count, and there will be room for one in so many milliseconds
     */
    public long take(String address) {
        long wait = rate.take(address);
        if (wait > 0) {
            exceeded.count(Limit.GUESTS_PER_ADDRESS);
        }
        return wait;
    }

    /** How many addresses are remembered. */
    int size() {
        return rate.size();
    }
}
