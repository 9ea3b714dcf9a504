"""Numbers that can be trusted (ADR 0034): what the events say of each case and of each office's turn (`ledger`), the
sums of it kept ready (`counting`), every measure as one function with its formula (`catalogue`), who works
(`people`), what may be told of few (`secrecy`), and the nightly comparison with the events (`checking`)."""
