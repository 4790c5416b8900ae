// A shell command line taken apart into the simple commands that it runs, those within substitutions,
// subshells, groups and here-documents included. Never runs or expands anything. What is not certain to mean
// the same to every POSIX-like shell leaves a doubt: the commands that were seen are still given, so that a
// rule that denies one of them finds it, but nothing in the line may be allowed by a rule. Source: POSIX
// "Shell Command Language", bash(1); spec "safety". Pure, any thread.
#pragma once

#include <QString>

#include <vector>

namespace muster {

struct ShellWord {
    QString text;        // quotes removed; what the shell expands stands as it was written
    bool literal = true; // the program gets exactly this text
    bool names = false;  // not literal, because file names are put in (glob, tilde, braces)

    friend bool operator==(const ShellWord &, const ShellWord &) = default;
};

enum class RedirectionKind : std::uint8_t {
    Read,
    Write,     // also append, clobber, read and write
    Duplicate, // of a descriptor
    Inline,    // here-document, here-string
};

struct Redirection {
    RedirectionKind kind = RedirectionKind::Read;
    ShellWord target;
};

struct SimpleCommand {
    std::vector<ShellWord> assignments; // NAME=value before the program
    std::vector<ShellWord> words;       // the program and its arguments; may be empty
    std::vector<Redirection> redirections;

    [[nodiscard]] bool isEmpty() const
    {
        return assignments.empty() && words.empty() && redirections.empty();
    }
};

struct CommandLine {
    static constexpr qsizetype longest = 10'000; // UTF-16 units; beyond: in doubt, and not looked at
    static constexpr size_t mostCommands = 200;  // beyond: in doubt

    std::vector<SimpleCommand> commands;
    QString doubt; // a code, for example unclosed_quote; empty: understood
};

[[nodiscard]] CommandLine parseCommandLine(const QString &text);

} // namespace muster
