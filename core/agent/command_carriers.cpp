#include "core/agent/command_carriers.h"

#include "core/agent/command_plan.h"

#include <algorithm>
#include <array>
#include <functional>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// Options are those that change nothing but how the command is run. Any other leaves a doubt.
struct PlainCarrier {
    QStringView program;
    QStringView flags;  // exactly these, separated by blanks
    QStringView valued; // take the next word, or the rest of theirs
    int operands = 0;   // words of its own before the command
};

constexpr std::array plainCarriers{
    PlainCarrier{u"nohup", u"", u"", 0},
    PlainCarrier{u"setsid", u"-w --wait -f --fork -c --ctty", u"", 0},
    PlainCarrier{u"nice", u"", u"-n --adjustment", 0},
    PlainCarrier{u"ionice", u"-t", u"-c -n", 0},
    PlainCarrier{u"time", u"-p", u"", 0},
    PlainCarrier{u"timeout", u"--foreground --preserve-status -v --verbose", u"-k -s --kill-after --signal",
                 1},
    PlainCarrier{u"stdbuf", u"", u"-i -o -e", 0},
    PlainCarrier{u"command", u"-p", u"", 0},
    PlainCarrier{u"builtin", u"", u"", 0},
    PlainCarrier{u"exec", u"", u"", 0},
    PlainCarrier{u"noglob", u"", u"", 0},
    PlainCarrier{u"env", u"", u"", 0},
};

constexpr std::array<QStringView, 36> opaqueCarriers{u"sudo",
                                                     u"doas",
                                                     u"su",
                                                     u"pkexec",
                                                     u"run0",
                                                     u"runuser",
                                                     u"setpriv",
                                                     u"xargs",
                                                     u"parallel",
                                                     u"ssh",
                                                     u"mosh",
                                                     u"rsh",
                                                     u"chroot",
                                                     u"unshare",
                                                     u"nsenter",
                                                     u"bwrap",
                                                     u"firejail",
                                                     u"proot",
                                                     u"systemd-run",
                                                     u"at",
                                                     u"batch",
                                                     u"crontab",
                                                     u"watch",
                                                     u"script",
                                                     u"expect",
                                                     u"flock",
                                                     u"strace",
                                                     u"ltrace",
                                                     u"gdb",
                                                     u"entr",
                                                     u"tmux",
                                                     u"screen",
                                                     u"busybox",
                                                     u"toybox",
                                                     u"start-stop-daemon",
                                                     u"dbus-run-session"};

bool isOneOf(QStringView list, QStringView word)
{
    return !word.isEmpty() && list.split(u' ').contains(word);
}

// The index behind an option, or -1 if it is not one that is known.
qsizetype skipOption(const PlainCarrier &carrier, const std::vector<ShellWord> &words, qsizetype at)
{
    const QString &word = words[size_t(at)].text;
    if (isOneOf(carrier.flags, word))
        return at + 1;
    if (isOneOf(carrier.valued, word))
        return at + 2;
    const auto names = carrier.valued.split(u' ', Qt::SkipEmptyParts);
    const bool attached = std::ranges::any_of(names, [&](QStringView name) {
        return name.startsWith(u"--") ? word.contains(u'=') && word.section(u'=', 0, 0) == name
                                      : word.startsWith(name);
    });
    return attached ? at + 1 : -1;
}

Carrier plainCarrier(const PlainCarrier &carrier, const std::vector<ShellWord> &words)
{
    const auto size = static_cast<qsizetype>(words.size());
    qsizetype at = 1;
    while (at < size && words[size_t(at)].text.startsWith(u'-')) {
        if (words[size_t(at)].text == u"--") {
            ++at;
            break;
        }
        at = skipOption(carrier, words, at);
        if (at < 0)
            return {.kind = Carrier::Kind::Opaque, .at = 1, .doubt = u"carrier_option"_s};
    }
    at += carrier.operands;
    const auto isAssignment = [&](const ShellWord &word) {
        return carrier.program == u"env" && word.text.contains(u'=');
    };
    while (at < size && isAssignment(words[size_t(at)]))
        ++at;
    if (at >= size)
        return {};
    // What the shell puts in may be more words than one, and the command another.
    const bool certain = std::all_of(words.begin(), words.begin() + at, std::mem_fn(&ShellWord::literal));
    return {.kind = Carrier::Kind::Plain, .at = at, .doubt = certain ? QString() : u"expanded_command"_s};
}

// "sh -c TEXT": only with options that change nothing but how it stops.
Carrier shellCarrier(const std::vector<ShellWord> &words)
{
    static const QString known = u"ceux"_s;
    for (size_t i = 1; i < words.size(); ++i) {
        const QString &word = words[i].text;
        if (!word.startsWith(u'-') || word.size() < 2)
            return {};
        const bool plain = std::ranges::all_of(word.sliced(1), [](QChar c) { return known.contains(c); });
        const bool hasText = !word.startsWith(u"--") && word.contains(u'c');
        if (hasText && i + 1 < words.size())
            return {.kind = Carrier::Kind::Text,
                    .at = static_cast<qsizetype>(i) + 1,
                    .doubt = plain ? QString() : u"carrier_option"_s};
        if (!plain)
            return {.kind = Carrier::Kind::Opaque, .at = 1, .doubt = u"carrier_option"_s};
    }
    return {};
}

} // namespace

QString programOf(const SimpleCommand &command)
{
    if (command.words.empty() || !command.words.front().literal)
        return {};
    return command.words.front().text.section(u'/', -1);
}

bool isShell(QStringView program)
{
    static constexpr std::array<QStringView, 14> shells{u"sh",   u"bash", u"dash",  u"zsh",  u"ksh",
                                                        u"ash",  u"mksh", u"rbash", u"fish", u"csh",
                                                        u"tcsh", u"pwsh", u"nu",    u"yash"};
    return std::ranges::contains(shells, program);
}

Carrier carrierOf(const SimpleCommand &command)
{
    const QString program = programOf(command);
    const auto &words = command.words;
    if (words.size() < 2 || program.isEmpty())
        return {};
    if (isShell(program))
        return shellCarrier(words);
    if (program == u"eval")
        return {.kind = Carrier::Kind::Text, .at = 1, .count = static_cast<qsizetype>(words.size()) - 1};
    if (std::ranges::contains(opaqueCarriers, QStringView(program)))
        return {.kind = Carrier::Kind::Opaque, .at = 1};
    const auto *const found = std::ranges::find(plainCarriers, QStringView(program), &PlainCarrier::program);
    return found == plainCarriers.end() ? Carrier() : plainCarrier(*found, words);
}

} // namespace muster
