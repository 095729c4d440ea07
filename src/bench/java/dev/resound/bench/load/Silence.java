package dev.resound.bench.load;

/** No message ever. */
record Silence() implements Pace {

    @Override
    public void start(long now) {}

    @Override
    public void onEchoes(Connection connection, int echoes, long now) {}

    @Override
    public boolean onTurn() {
        return true;
    }
}
