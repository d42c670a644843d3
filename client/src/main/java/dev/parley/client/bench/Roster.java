package dev.parley.client.bench;

/** The listener of a run's members: tells the present opening of them, and passes everything on to the scenario. On the members' threads. */
final class Roster implements Listener {
    private volatile Listener next;
    private volatile Opening opening;

    /** To whom to pass on; set before anything is opened. */
    void passOnTo(Listener scenario) {
        next = scenario;
    }

    void opening(Opening present) {
        opening = present;
    }

    @Override
    public void ready(Member member) {
        next.ready(member);
        opening.ready(member);
    }

    @Override
    public void lost(Member member, String why) {
        next.lost(member, why);
        if (!member.wasReady()) {
            opening.failed(member);
        }
    }

    @Override
    public void turnedAway(Member member, long millis) {
        next.turnedAway(member, millis);
        opening.turnedAway(member, millis);
    }

    @Override
    public void left(Member member) {
        next.left(member);
    }

    @Override
    public void delivered(Member member, int channel, long due) {
        next.delivered(member, channel, due);
    }

    @Override
    public void acknowledged(Member member, int channel, long due) {
        next.acknowledged(member, channel, due);
    }

    @Override
    public void refused(Member member, int channel, String code) {
        next.refused(member, channel, code);
    }

    @Override
    public void refused(Member member, String code) {
        next.refused(member, code);
    }

    @Override
    public void fault(Member member, Fault fault, long entries) {
        next.fault(member, fault, entries);
    }
}
