package dev.parley.client.bench;

/** A listener that only counts what goes wrong. On the members' threads. */
class Watch implements Listener {
    private final Faults faults;

    Watch(Faults faults) {
        this.faults = faults;
    }

    @Override
    public void refused(Member member, int channel, String code) {
        faults.refused(code);
    }

    @Override
    public void refused(Member member, String code) {
        faults.refused(code);
    }

    @Override
    public void fault(Member member, Fault fault, long entries) {
        faults.fault(fault, entries);
    }

    @Override
    public void turnedAway(Member member, long millis) {
        faults.turnedAway();
    }

    @Override
    public void lost(Member member, String why) {
        faults.lost(why);
    }
}
