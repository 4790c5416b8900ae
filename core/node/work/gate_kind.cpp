#include "core/node/work/gate_kind.h"

#include <QRegularExpression>
#include <QStringList>

#include <algorithm>
#include <array>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// How a command begins. Of several that fit the longest counts.
struct Beginning {
    const char *words;
    GateKind kind;
};

constexpr std::array kBeginnings{
    Beginning{"cargo fmt", GateKind::Format},
    Beginning{"rustfmt", GateKind::Format},
    Beginning{"gofmt", GateKind::Format},
    Beginning{"clang-format", GateKind::Format},
    Beginning{"git clang-format", GateKind::Format},
    Beginning{"prettier", GateKind::Format},
    Beginning{"npm run format", GateKind::Format},
    Beginning{"black", GateKind::Format},
    Beginning{"isort", GateKind::Format},
    Beginning{"ruff format", GateKind::Format},
    Beginning{"dart format", GateKind::Format},
    Beginning{"mix format", GateKind::Format},
    Beginning{"dotnet format", GateKind::Format},
    Beginning{"shfmt", GateKind::Format},
    Beginning{"cargo clippy", GateKind::Lint},
    Beginning{"go vet", GateKind::Lint},
    Beginning{"golangci-lint", GateKind::Lint},
    Beginning{"eslint", GateKind::Lint},
    Beginning{"npm run lint", GateKind::Lint},
    Beginning{"ruff", GateKind::Lint},
    Beginning{"flake8", GateKind::Lint},
    Beginning{"pylint", GateKind::Lint},
    Beginning{"mypy", GateKind::Lint},
    Beginning{"clang-tidy", GateKind::Lint},
    Beginning{"cppcheck", GateKind::Lint},
    Beginning{"shellcheck", GateKind::Lint},
    Beginning{"rubocop", GateKind::Lint},
    Beginning{"dart analyze", GateKind::Lint},
    Beginning{"mix credo", GateKind::Lint},
    Beginning{"phpstan", GateKind::Lint},
    Beginning{"cargo build", GateKind::Build},
    Beginning{"cargo check", GateKind::Build},
    Beginning{"go build", GateKind::Build},
    Beginning{"make", GateKind::Build},
    Beginning{"ninja", GateKind::Build},
    Beginning{"cmake", GateKind::Build},
    Beginning{"meson", GateKind::Build},
    Beginning{"tsc", GateKind::Build},
    Beginning{"npm run build", GateKind::Build},
    Beginning{"mvn", GateKind::Build},
    Beginning{"gradle", GateKind::Build},
    Beginning{"gradlew", GateKind::Build},
    Beginning{"dotnet build", GateKind::Build},
    Beginning{"swift build", GateKind::Build},
    Beginning{"bazel build", GateKind::Build},
    Beginning{"mix compile", GateKind::Build},
    Beginning{"cargo test", GateKind::Test},
    Beginning{"cargo nextest", GateKind::Test},
    Beginning{"go test", GateKind::Test},
    Beginning{"ctest", GateKind::Test},
    Beginning{"make test", GateKind::Test},
    Beginning{"make check", GateKind::Test},
    Beginning{"ninja test", GateKind::Test},
    Beginning{"meson test", GateKind::Test},
    Beginning{"pytest", GateKind::Test},
    Beginning{"unittest", GateKind::Test},
    Beginning{"tox", GateKind::Test},
    Beginning{"npm test", GateKind::Test},
    Beginning{"npm run test", GateKind::Test},
    Beginning{"jest", GateKind::Test},
    Beginning{"vitest", GateKind::Test},
    Beginning{"mvn test", GateKind::Test},
    Beginning{"mvn verify", GateKind::Test},
    Beginning{"gradle test", GateKind::Test},
    Beginning{"gradle check", GateKind::Test},
    Beginning{"gradlew test", GateKind::Test},
    Beginning{"gradlew check", GateKind::Test},
    Beginning{"dotnet test", GateKind::Test},
    Beginning{"swift test", GateKind::Test},
    Beginning{"bazel test", GateKind::Test},
    Beginning{"cabal test", GateKind::Test},
    Beginning{"dart test", GateKind::Test},
    Beginning{"mix test", GateKind::Test},
    Beginning{"rspec", GateKind::Test},
    Beginning{"phpunit", GateKind::Test},
    Beginning{"prove", GateKind::Test},
};

// What only starts another program.
constexpr std::array kCarriers{"npx",        "exec",        "time",   "env",        "nice",
                               "xvfb-run",   "pnpm",        "uv run", "python -m",  "python3 -m",
                               "poetry run", "bundle exec", "yarn",   "npm exec --"};

bool beginsWith(const QStringList &words, const char *beginning)
{
    const QStringList parts = QString::fromLatin1(beginning).split(u' ');
    return words.mid(0, parts.size()) == parts;
}

// Its words from the program on: without variables, options of the program before its verb, and its folder.
QStringList programOf(const QString &part)
{
    static const QRegularExpression variable(u"^[A-Za-z_][A-Za-z0-9_]*="_s);
    QStringList words = part.simplified().split(u' ', Qt::SkipEmptyParts);
    while (!words.isEmpty()) {
        words.first() = words.first().section(u'/', -1);
        const auto *const carrier = std::ranges::find_if(
            kCarriers, [&](const char *beginning) { return beginsWith(words, beginning); });
        if (carrier != kCarriers.end())
            words = words.mid(QString::fromLatin1(*carrier).count(u' ') + 1);
        else if (variable.match(words.first()).hasMatch())
            words.removeFirst();
        else
            break;
    }
    QStringList plain = words.mid(0, 1);
    for (qsizetype i = 1; i < words.size(); ++i) {
        if (words.at(i) == "-C"_L1)
            ++i; // a folder
        else if (!words.at(i).startsWith(u'-'))
            plain += words.at(i);
    }
    return plain;
}

std::optional<GateKind> kindOfPart(const QString &part)
{
    const QStringList words = programOf(part);
    const Beginning *best = nullptr;
    for (const Beginning &beginning : kBeginnings) {
        if (beginsWith(words, beginning.words) && (!best || qstrlen(beginning.words) > qstrlen(best->words)))
            best = &beginning;
    }
    return best ? std::optional(best->kind) : std::nullopt;
}

} // namespace

std::optional<GateKind> guessGateKind(const QString &command)
{
    static const QRegularExpression between(u"&&|\\|\\||[;|\\n]"_s);
    std::optional<GateKind> found;
    for (const QString &part : command.split(between, Qt::SkipEmptyParts)) {
        const auto kind = kindOfPart(part);
        if (kind && found && *kind != *found)
            return std::nullopt;
        if (kind)
            found = kind;
    }
    return found;
}

} // namespace muster
