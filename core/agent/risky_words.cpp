#include "core/agent/risky_words.h"

#include "core/agent/command_carriers.h"
#include "core/agent/command_plan.h"

#include <QRegularExpression>

#include <algorithm>
#include <array>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

struct ProgramRisk {
    QStringView programs; // without version numbers at their end
    QStringView longOptions;
    QStringView letters; // of short options, in clusters too
    QStringView words;   // exactly these, anywhere
    int operand = -1;    // the nth word that is no option, and all before it, must be said; -1: none
};

// Sources: the manuals of the programs; GTFOBins for what they can be made to run.
constexpr std::array risks{
    ProgramRisk{u"git",
                u"--exec --upload-pack --receive-pack --open-files-in-pager --output --ext-diff --textconv "
                u"--config-env --git-dir --work-tree --template --separate-git-dir --exec-path "
                u"--output-directory --extcmd --remote --recurse-submodules",
                u"", u""},
    ProgramRisk{u"find fd fdfind", u"--exec --exec-batch --files0-from", u"",
                u"-exec -execdir -ok -okdir -delete -fprint -fprint0 -fprintf -fls -files0-from -x -X"},
    ProgramRisk{u"tar bsdtar",
                u"--to-command --checkpoint-action --use-compress-program --rsh-command --rmt-command "
                u"--info-script --new-volume-script --extract --get",
                u"IFx", u""},
    ProgramRisk{
        u"rsync scp sftp unzip patch cpio npx pipx uvx bunx ed ex vi vim view nvim emacs nano pico "
        u"docker podman kubectl tclsh wish osascript pax install sqlite3 mysql psql 7z 7za ar jar wget",
        u"", u"", u"", 0},
    ProgramRisk{u"zip", u"--unzip-command", u"T", u""},
    ProgramRisk{u"cp", u"--recursive --archive", u"rRa", u""},
    ProgramRisk{u"sort", u"--compress-program --output", u"o", u""},
    ProgramRisk{u"rg", u"--pre --hostname-bin", u"", u""},
    ProgramRisk{u"make gmake", u"--eval --environment-overrides", u"e", u""},
    ProgramRisk{u"cmake", u"", u"", u"-E"},
    ProgramRisk{u"ctest", u"--build-and-test --test-command --script", u"", u"-S -SP"},
    ProgramRisk{u"npm pnpm yarn bun", u"--script-shell --node-options --call --prefix --userconfig", u"c",
                u"exec x dlx create init config set publish explore edit link install-test"},
    ProgramRisk{u"[ test wait", u"", u"", u"-v -R -p"}, // evaluates a name
    ProgramRisk{u"pip pipenv poetry gem", u"", u"", u"install download wheel exec"},
    ProgramRisk{u"cargo", u"--config", u"", u"install"},
    ProgramRisk{u"go", u"", u"", u"-exec -toolexec --exec --toolexec generate install"},
    ProgramRisk{u"gcc g++ cc c++ clang clang++", u"-wrapper -fplugin -specs --config", u"B", u""},
    ProgramRisk{u"curl",
                u"--config --output --upload-file --output-dir --remote-name-all --remote-header-name",
                u"KoOTJ", u""},
    ProgramRisk{u"wget", u"--execute --output-document --post-file --body-file --input-file --use-askpass",
                u"eOi", u""},
    ProgramRisk{u"man", u"--pager --html --config-file --preprocessor", u"PHC", u""},
    ProgramRisk{u"less more", u"--lesskey-file --log-file --LOG-FILE", u"koO", u""},
    ProgramRisk{u"python pypy", u"", u"cmi", u""},
    ProgramRisk{u"node deno",
                u"--eval --print --require --import --loader --experimental-loader --interactive", u"epri",
                u"eval repl"},
    ProgramRisk{u"perl", u"", u"eEMmIinp", u""},
    ProgramRisk{u"ruby", u"", u"erIinp", u""},
    ProgramRisk{u"php", u"", u"rBREFd", u""},
    ProgramRisk{u"lua luajit", u"", u"eli", u""},
    ProgramRisk{u"awk gawk mawk nawk", u"", u"", u"", 0},
};

bool hasWord(QStringView list, QStringView word)
{
    return list.split(u' ', Qt::SkipEmptyParts).contains(word);
}

// python3.11 is python, g++-14 is g++.
QString withoutVersion(QString program)
{
    const auto ofVersion = [](QChar c) {
        return c.isDigit() || c == u'.' || c == u'-';
    };
    while (program.size() > 1 && ofVersion(program.back()))
        program.chop(1);
    return program;
}

// Also abbreviated, as getopt_long takes them.
bool isLongOption(QStringView options, const QString &word)
{
    const QString name = word.section(u'=', 0, 0);
    const auto all = options.split(u' ', Qt::SkipEmptyParts);
    return word.startsWith(u'-') && name.size() > 2 && std::ranges::any_of(all, [&](QStringView option) {
        return option == name || (name.startsWith(u"--") && option.startsWith(name)) ||
               (!option.startsWith(u"--") && word.startsWith(option));
    });
}

bool hasLetter(QStringView letters, const QString &word)
{
    return word.size() > 1 && word.startsWith(u'-') && !word.startsWith(u"--") &&
           std::ranges::any_of(letters, [&](QChar letter) { return word.contains(letter); });
}

bool isGitCommandWord(const QString &word)
{
    static constexpr QStringView plain =
        u"status diff log show add commit branch checkout switch restore stash merge rebase reset fetch pull "
        u"push tag blame grep ls-files ls-tree rev-parse rev-list describe shortlog reflog mv rm clean "
        u"cherry-pick revert cherry diff-tree diff-index diff-files merge-base name-rev for-each-ref "
        u"show-ref "
        u"show-branch count-objects check-ignore version range-diff whatchanged cat-file";
    return hasWord(plain, word);
}

// Before its command only what changes nothing but the look; then commands that run no other program.
qsizetype riskInGit(const std::vector<ShellWord> &words)
{
    static constexpr QStringView plain = u"--no-pager -P --no-optional-locks --literal-pathspecs --version";
    qsizetype risky = -1;
    size_t i = 1;
    for (; i < words.size() && words[i].text.startsWith(u'-'); ++i) {
        if (!hasWord(plain, words[i].text))
            risky = static_cast<qsizetype>(i);
    }
    if (i >= words.size())
        return risky;
    const QString &command = words[i].text;
    if (!isGitCommandWord(command))
        risky = static_cast<qsizetype>(i);
    for (size_t k = i + 1; k < words.size(); ++k) {
        const QString &word = words[k].text;
        const bool letter =
            (command == u"rebase" && hasLetter(u"x", word)) || (command == u"grep" && hasLetter(u"O", word));
        if (letter || word.contains(u"::"))
            risky = static_cast<qsizetype>(k);
    }
    return risky;
}

bool isPlainSedScript(const QString &script)
{
    static const QRegularExpression plain(
        u"\\A(?:[0-9,$]*[pdq=]|[0-9,$]*s/[^/\\n]*/[^/\\n]*/[gIp0-9]*)\\z"_s);
    const auto match = plain.match(script);
    return match.isValid() && match.hasMatch();
}

// sed's scripts can run programs and write files; -i writes, -f hides the script.
qsizetype riskInSed(const std::vector<ShellWord> &words)
{
    qsizetype risky = -1;
    bool scriptSeen = false;
    for (size_t i = 1; i < words.size(); ++i) {
        const QString &word = words[i].text;
        const bool plainOption = word == u"-n" || word == u"-E" || word == u"-r" || word == u"-e";
        if (word.startsWith(u'-') && !plainOption)
            risky = static_cast<qsizetype>(i);
        const bool script = !word.startsWith(u'-') && (!scriptSeen || words[i - 1].text == u"-e");
        if (!script)
            continue;
        scriptSeen = true;
        if (!isPlainSedScript(word))
            risky = static_cast<qsizetype>(i);
    }
    return risky;
}

bool isInterpreter(QStringView program)
{
    return hasWord(u"python pypy node deno perl ruby php lua luajit", program);
}

// A script must be said; without one the commands come from its input.
qsizetype riskInInterpreter(const std::vector<ShellWord> &words, bool mustSayScript)
{
    for (size_t i = 1; i < words.size(); ++i) {
        if (words[i].text == u"-")
            return neverCovered;
        if (!words[i].text.startsWith(u'-'))
            return mustSayScript ? static_cast<qsizetype>(i) : -1;
        if (words[i].text == u"--version" || words[i].text == u"-V")
            return -1;
    }
    return neverCovered;
}

qsizetype riskInTable(const ProgramRisk &risk, const std::vector<ShellWord> &words)
{
    qsizetype risky = -1;
    int operands = 0;
    for (size_t i = 1; i < words.size(); ++i) {
        const QString &word = words[i].text;
        const bool operand = !word.startsWith(u'-') && operands++ == risk.operand;
        const bool option = isLongOption(risk.longOptions, word) || hasWord(risk.words, word);
        const bool letter = hasLetter(risk.letters, word);
        if (operand || option || letter)
            risky = static_cast<qsizetype>(i) + (letter && word.size() == 2 ? 1 : 0);
    }
    return risky;
}

// Things that look like options only to their program.
bool hasOwnSign(const QString &program, const std::vector<ShellWord> &words, size_t i)
{
    const QString &word = words[i].text;
    if (program == u"tar" || program == u"bsdtar")
        return i == 1 && !word.startsWith(u'-') && (word.contains(u'x') || word.contains(u'I'));
    if (program == u"make" || program == u"gmake")
        return word.contains(u'='); // a variable, SHELL for example
    if (program == u"less" || program == u"more")
        return word.startsWith(u'+');
    // More arguments in a file.
    return hasWord(u"gcc g++ cc c++ clang clang++ ld", program) && word.startsWith(u'@');
}

} // namespace

qsizetype lastRiskyWord(const SimpleCommand &command)
{
    const QString program = withoutVersion(programOf(command));
    const auto &words = command.words;
    if (isShell(program) || program == u"source" || program == u".")
        return riskInInterpreter(words, true);
    if (program == u"sed")
        return riskInSed(words);
    qsizetype risky = program == u"git" ? riskInGit(words) : -1;
    if (isInterpreter(program))
        risky = riskInInterpreter(words, false);
    for (const ProgramRisk &risk : risks) {
        if (hasWord(risk.programs, program))
            risky = std::max(risky, riskInTable(risk, words));
    }
    for (size_t i = 1; i < words.size(); ++i) {
        if (hasOwnSign(program, words, i))
            risky = std::max(risky, static_cast<qsizetype>(i));
    }
    return risky;
}

bool changesShell(const SimpleCommand &command)
{
    static constexpr QStringView names =
        u"alias unalias source . trap set shopt setopt unsetopt enable hash export declare typeset local "
        u"readonly unset bind complete read readarray mapfile autoload zmodload emulate pushd popd "
        u"dirs umask ulimit fc history let";
    const QString program = programOf(command);
    const bool setsVariable = program == u"printf" && command.words.size() > 1 &&
                              (!command.words[1].literal || command.words[1].text.startsWith(u'-'));
    return setsVariable || hasWord(names, program);
}

bool isHarmless(const SimpleCommand &command)
{
    const QString program = command.words.empty() ? QString() : command.words.front().text;
    if (program == u"true" || program == u"false" || program == u":")
        return true;
    return program == u"cd" && command.words.size() == 2 && command.words[1].literal &&
           !command.words[1].text.startsWith(u'-') && !command.words[1].text.isEmpty();
}

bool onlyPrints(const SimpleCommand &command)
{
    const QString program = command.words.empty() ? QString() : command.words.front().text;
    return program == u"echo" || program == u"printf";
}

bool isHarmlessAssignment(const ShellWord &assignment)
{
    static constexpr QStringView names = u"LANG LC_ALL LC_CTYPE LC_COLLATE LC_NUMERIC LC_TIME LC_MESSAGES "
                                         u"NO_COLOR FORCE_COLOR CLICOLOR CI COLUMNS LINES "
                                         u"CTEST_OUTPUT_ON_FAILURE RUST_BACKTRACE";
    const QString value = assignment.text.section(u'=', 1);
    return assignment.literal && hasWord(names, assignment.text.section(u'=', 0, 0)) &&
           std::ranges::all_of(value, [](QChar c) {
        return c.unicode() < 0x80 &&
               (c.isLetterOrNumber() || c == u'_' || c == u'-' || c == u'.' || c == u'@');
    });
}

} // namespace muster
