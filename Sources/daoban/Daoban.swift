import ArgumentParser

@main struct Daoban: ParsableCommand {
    func run() {}
}
