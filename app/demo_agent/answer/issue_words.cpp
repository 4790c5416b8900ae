#include "app/demo_agent/answer/issue_words.h"

#include "app/demo_agent/analysis/text.h"

#include <QRegularExpression>
#include <QSet>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

constexpr qsizetype shortestWord = 4;
constexpr qsizetype mostPlaces = 3;

// NOLINTBEGIN(modernize-use-designated-initializers): a table, its columns are those of the struct
struct Words {
    const char *name;
    const char *pattern;
};

// The first that fits wins, so what is graver stands before.
constexpr std::array kinds{
    Words{
        "bug",
        R"(\b(bugs?|fixme|crash\w*|errors?|fail\w*|broken|breaks?|wrong\w*|exceptions?|hangs?|leaks?|stops|does not|doesn't|cannot|can't|must not)\b)"},
    Words{"docs", R"(\b(docs?|documentation|readme|manual|typos?|spelling)\b)"},
    Words{
        "feature",
        R"(\b(add|support|allow|wish|feature|would be nice|should (?:be able|offer|show)|so that|option)\b)"},
    Words{"question", R"(\b(how (?:do|can|to)|why|what is|question)\b|\?\s*$)"},
    Words{"chore",
          R"(\b(clean ?up|refactor\w*|rename|remove|update|upgrade|bump|move|todo|xxx|hack|check)\b)"}};
constexpr std::array urgencies{
    Words{
        "high",
        R"(\b(crash\w*|data loss|loses?|lost|security|vulnerab\w*|urgent\w*|blocker|fixme|stops|corrupt\w*|cannot (?:start|log ?in))\b)"},
    Words{"low", R"(\b(typos?|spelling|nice to have|would be nice|cosmetic|some ?day|minor)\b)"}};
// NOLINTEND(modernize-use-designated-initializers)

struct Sorted {
    QString name;
    QString word;
};

template <typename Table> Sorted sortedBy(const Table &table, const QString &issue, const QString &otherwise)
{
    for (const Words &words : table) {
        const QRegularExpression pattern(QString::fromLatin1(words.pattern),
                                         QRegularExpression::CaseInsensitiveOption);
        if (const auto match = pattern.match(issue); match.hasMatch())
            return {.name = QString::fromLatin1(words.name), .word = match.captured(0).trimmed()};
    }
    return {.name = otherwise, .word = {}};
}

QSet<QString> wordsOf(const QString &text)
{
    static const QSet<QString> common{u"this"_s,  u"that"_s,  u"with"_s, u"from"_s,   u"when"_s,  u"what"_s,
                                      u"have"_s,  u"been"_s,  u"must"_s, u"should"_s, u"could"_s, u"would"_s,
                                      u"which"_s, u"there"_s, u"into"_s, u"than"_s,   u"todo"_s,  u"fixme"_s,
                                      u"hack"_s,  u"does"_s,  u"they"_s, u"them"_s,   u"your"_s,  u"will"_s,
                                      u"about"_s, u"after"_s, u"only"_s, u"some"_s,   u"whole"_s, u"other"_s};
    static const QRegularExpression noWord(uR"([^\p{L}\p{N}_]+)"_s);
    QSet<QString> words;
    const QStringList parts = text.toLower().split(noWord, Qt::SkipEmptyParts);
    for (const QString &part : parts) {
        if (part.size() >= shortestWord && !common.contains(part))
            words.insert(part);
    }
    return words;
}

QString place(const QString &path, int line) { return code(path + u':' + QString::number(line)); }

// "path:line:" at its beginning, as those who search in files write it.
QString ownPlace(const Repository &repository, const QString &issue)
{
    static const QRegularExpression located(uR"(^\s*`?([^\s:`]+):(\d+)\b)"_s);
    const auto match = located.match(issue);
    const bool there = match.hasMatch() && repository.file(match.captured(1)) != nullptr;
    return there ? QString(u"- "_s + place(match.captured(1), match.captured(2).toInt()) +
                           u": the issue names this place itself\n"_s)
                 : QString();
}

struct Hit {
    QString path;
    int line = 0;
    QStringList words;
};

// The line of a file with the most of the words.
Hit bestLine(const Repository &repository, const FileFacts &file, const QSet<QString> &wanted)
{
    Hit best{.path = file.path};
    int number = 0;
    const QStringList lines = QString::fromUtf8(textOf(repository, file.path)).split(u'\n');
    for (const QString &line : lines) {
        ++number;
        const QSet<QString> common = wordsOf(line) & wanted;
        if (common.size() <= best.words.size())
            continue;
        best.line = number;
        best.words = QStringList(common.begin(), common.end());
    }
    best.words.sort();
    return best;
}

} // namespace

QJsonObject classifyIssue(const QString &issue)
{
    const Sorted kind = sortedBy(kinds, issue, u"unclear"_s);
    const Sorted urgency = sortedBy(urgencies, issue, u"normal"_s);
    QStringList words;
    for (const QString &word : {kind.word, urgency.word}) {
        if (!word.isEmpty() && !words.contains(u'“' + word + u'”'))
            words.append(u'“' + word + u'”');
    }
    return {{u"kind"_s, kind.name},
            {u"urgency"_s, urgency.name},
            {u"why"_s, words.isEmpty() ? u"no word that is known stands in it"_s
                                       : QString(u"by the words "_s + listed(words))}};
}

QString placesOfIssue(const Repository &repository, const QString &issue, const StopCheck &stop)
{
    if (QString own = ownPlace(repository, issue); !own.isEmpty())
        return own;
    const QSet<QString> wanted = wordsOf(issue);
    std::vector<Hit> hits;
    for (const FileFacts &file : repository.files) {
        if (stopped(stop))
            return {};
        if (!file.isCode())
            continue;
        if (Hit hit = bestLine(repository, file, wanted); !hit.words.isEmpty())
            hits.push_back(std::move(hit));
    }
    std::ranges::sort(hits, [](const Hit &a, const Hit &b) {
        return std::tuple(-a.words.size(), a.path) < std::tuple(-b.words.size(), b.path);
    });
    hits.resize(std::min<std::size_t>(hits.size(), mostPlaces));
    QString text;
    for (const Hit &hit : hits)
        text += u"- "_s + place(hit.path, hit.line) + u": has the words "_s + listed(hit.words) + u'\n';
    return text.isEmpty() ? u"None of its words stands in the program text."_s : text;
}

} // namespace muster::demo
