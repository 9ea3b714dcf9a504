"""The yearly evaluation of districts (ADR 0042): a year counted from the events recorded before its closing
(`recount`), its numbers (`numbers`), each indicator one function with its formula (`indicators`) and how sure it is
(`estimates`), the index and its ranges (`index`), weights and groups as dated data (`method`), the cycle with its acts
and dates (`cycle`), evidence, points and objections (`hearing`), and the pack to take away (`pack`)."""
