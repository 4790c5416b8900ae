#include "tests/architecture/repository_rules.h"

#include "tests/architecture/source_tree.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace muster::architecture {

namespace {

constexpr int longestFile = 500;

const QStringList &cppFiles()
{
    static const QStringList patterns{u"*.h"_s, u"*.cpp"_s};
    return patterns;
}

qsizetype lineCount(const QString &text) { return text.count(u'\n'); }

bool startsWithOneOf(const QString &path, const QStringList &folders)
{
    return std::ranges::any_of(folders, [&](const QString &folder) { return path.startsWith(folder); });
}

// A pattern that must not occur, in which files, and what to say.
struct Forbidden {
    QStringList files; // name patterns
    QStringList in;    // folders with their slash; empty: everywhere
    QStringList notIn; // the same
    Blank blank = Blank::Nothing;
    QString pattern;
    QString message;
};

QStringList findForbidden(const QString &root, const Forbidden &rule)
{
    const QRegularExpression pattern(rule.pattern, QRegularExpression::MultilineOption);
    Q_ASSERT(pattern.isValid());
    QStringList problems;
    const QStringList files = sourceFiles(root, rule.files);
    for (const QString &file : files) {
        if ((!rule.in.isEmpty() && !startsWithOneOf(file, rule.in)) || startsWithOneOf(file, rule.notIn))
            continue;
        const QString text = blanked(readText(root + u'/' + file), rule.blank);
        auto matches = pattern.globalMatch(text);
        while (matches.hasNext()) {
            const qsizetype line = QStringView(text).first(matches.next().capturedStart()).count(u'\n') + 1;
            problems += u"%1:%2: %3"_s.arg(file).arg(line).arg(rule.message);
        }
    }
    return problems;
}

QStringList sizes(const QString &root)
{
    QStringList problems;
    const QStringList files = sourceFiles(root, cppFiles() + QStringList{u"*.sh"_s, u"*.cmake"_s, u"*.py"_s});
    for (const QString &file : files) {
        if (const qsizetype lines = lineCount(readText(root + u'/' + file)); lines > longestFile)
            problems += u"%1:%2: longer than %3 lines"_s.arg(file).arg(lines).arg(longestFile);
    }
    return problems;
}

QStringList includeGuards(const QString &root)
{
    QStringList problems;
    const QStringList files = sourceFiles(root, {u"*.h"_s});
    for (const QString &file : files) {
        static const QRegularExpression once(u"^#pragma once$"_s, QRegularExpression::MultilineOption);
        if (!readText(root + u'/' + file).contains(once))
            problems += file + ":1: no #pragma once"_L1;
    }
    return problems;
}

QStringList usingInHeaders(const QString &root)
{
    return findForbidden(root, {.files = {u"*.h"_s},
                                .in = {u"core/"_s, u"ui/"_s, u"app/"_s},
                                .notIn = {},
                                .blank = Blank::Both,
                                .pattern = u"^[ \\t]*using namespace"_s,
                                .message = u"a header must not open a namespace for its readers"_s});
}

QStringList blockingWaits(const QString &root)
{
    return findForbidden(
        root, {.files = cppFiles(),
               .in = {u"core/"_s, u"ui/"_s, u"app/"_s},
               .notIn = {u"app/demo_agent/"_s},
               .blank = Blank::Both,
               .pattern = u"\\bwaitFor(Finished|Started|ReadyRead|BytesWritten|Connected|Disconnected)\\b"
                          u"|\\bQEventLoop\\s+\\w|\\bQEventLoop\\s*[({]|\\bprocessEvents\\s*\\("_s,
               .message = u"a blocking wait or a nested event loop"_s});
}

// Programs in tests/support may be slow on purpose; a test may not wait for them by the clock.
QStringList sleepingTests(const QString &root)
{
    return findForbidden(
        root,
        {.files = cppFiles(),
         .in = {u"tests/"_s},
         .notIn = {u"tests/support/"_s},
         .blank = Blank::Both,
         .pattern = u"\\bq(Wait|Sleep)\\s*\\(|QThread::[mu]?sleep\\b|\\bsleep_(for|until)\\b"_s,
         .message = u"a test waits for time instead of a condition (QTRY_…, QSignalSpy, ManualClock)"_s});
}

QStringList bareText(const QString &root)
{
    // A literal begins right after the bracket, with or without a prefix; tr( and u""_s names do not.
    return findForbidden(
        root,
        {.files = cppFiles(),
         .in = {u"ui/"_s},
         .notIn = {},
         .blank = Blank::Comments,
         .pattern =
             u"\\b(set(Text|ToolTip|WindowTitle|PlaceholderText|StatusTip|WhatsThis|Title|LabelText"
             u"|InformativeText|AccessibleName|AccessibleDescription)"
             u"|add(Action|Menu|Tab|Row|Item|ToolBar)|showMessage"
             u"|Q(Label|PushButton|Action|GroupBox|CheckBox|RadioButton|DockWidget))"
             u"(\\s+\\w+)?\\s*[({]\\s*(u?\"|Q?StringLiteral\\(u?\"|QLatin1String(View)?\\(\")[^\"\\n]*[A-Za-z]"_s,
         .message = u"text for people without tr()"_s});
}

QStringList translationInCore(const QString &root)
{
    return findForbidden(root, {.files = cppFiles(),
                                .in = {u"core/"_s},
                                .notIn = {u"core/viewmodel/"_s},
                                .blank = Blank::Both,
                                .pattern = u"(?<![\\w.>])tr\\(|\\bQCoreApplication::translate\\b|\\bQT_TR_"_s,
                                .message = u"the core gives codes, not sentences"_s});
}

QStringList sqlOutsideTheStore(const QString &root)
{
    return findForbidden(
        root, {.files = cppFiles(),
               .in = {u"core/"_s, u"ui/"_s, u"app/"_s},
               .notIn = {u"core/store/"_s},
               .blank = Blank::Comments,
               .pattern = u"\"(SELECT|INSERT (OR \\w+ )?INTO|DELETE FROM|UPDATE \\w+ SET|CREATE TABLE) "_s,
               .message = u"only core/store knows SQL"_s});
}

QStringList leftovers(const QString &root)
{
    return findForbidden(root,
                         {.files = {u"*.h"_s, u"*.cpp"_s, u"*.txt"_s, u"*.cmake"_s, u"*.sh"_s, u"*.sql"_s},
                          .in = {},
                          .notIn = {u"tests/fixtures/"_s},
                          .blank = Blank::Strings,
                          .pattern = u"(//|/\\*|#|--|\\*)\\s*(TODO|FIXME|XXX)\\b"_s,
                          .message = u"unfinished work belongs into an issue"_s});
}

QStringList registryHosts(const QString &root)
{
    return findForbidden(
        root, {.files = {u"*"_s},
               .in = {},
               .notIn = {},
               .blank = Blank::Nothing,
               .pattern = u"(deb|security|ftp|snapshot|packages)[.][a-z.]*debian[.]org|archive[.]ubuntu[.]com"
                          u"|pypi[.]org|pythonhosted[.]org|npmjs[.](org|com)|crates[.]io|proxy[.]golang[.]org"
                          u"|rubygems[.]org|maven[.]org|maven[.]apache[.]org|nodesource[.]com|flathub[.]org"
                          u"|(ghcr|docker|quay)[.]io|conan[.]io|pkgs[.]org|fedoraproject[.]org"_s,
               .message = u"names the host of a package registry"_s});
}

QStringList codeMap(const QString &root)
{
    QStringList problems;
    const QString map = readText(root + "/core/README.md"_L1);
    QStringList listed;
    static const QRegularExpression row(u"^\\| ([a-z_]+) \\|"_s, QRegularExpression::MultilineOption);
    auto rows = row.globalMatch(map);
    while (rows.hasNext()) {
        if (const QString folder = rows.next().captured(1); folder != "folder"_L1)
            listed += folder;
    }
    const QStringList there = QDir(root + "/core"_L1).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &folder : there) {
        if (!listed.contains(folder))
            problems += u"core/README.md:1: says nothing about core/%1"_s.arg(folder);
    }
    for (const QString &folder : std::as_const(listed)) {
        if (!there.contains(folder))
            problems += u"core/README.md:1: there is no core/%1"_s.arg(folder);
    }
    return problems;
}

QStringList deadLinks(const QString &root)
{
    static const QRegularExpression link(u"\\]\\(([^)#:\\s]+)(#[^)]*)?\\)"_s);
    QStringList problems;
    const QStringList pages = sourceFiles(root, {u"*.md"_s});
    for (const QString &page : pages) {
        const QString text = readText(root + u'/' + page);
        auto matches = link.globalMatch(text);
        while (matches.hasNext()) {
            const auto match = matches.next();
            if (QFileInfo::exists(root + u'/' + QFileInfo(page).path() + u'/' + match.captured(1)))
                continue;
            const qsizetype line = QStringView(text).first(match.capturedStart()).count(u'\n') + 1;
            problems += u"%1:%2: there is no %3"_s.arg(page).arg(line).arg(match.captured(1));
        }
    }
    return problems;
}

// Sources are listed by hand; a file that is not listed is never compiled, and nobody notices.
QStringList orphans(const QString &root)
{
    static const QRegularExpression source(u"[^\\s()\"]+\\.cpp"_s);
    QSet<QString> listed;
    const QStringList lists = sourceFiles(root, {u"CMakeLists.txt"_s, u"*.cmake"_s});
    for (const QString &list : lists) {
        const QString folder = QFileInfo(list).path();
        const QString text = readText(root + u'/' + list);
        auto matches = source.globalMatch(text);
        while (matches.hasNext()) {
            const QString path = matches.next().captured();
            const bool fromRoot = path.startsWith("${CMAKE_SOURCE_DIR}/"_L1);
            listed += QDir::cleanPath(fromRoot ? path.section(u'/', 1) : QString(folder + u'/' + path));
        }
    }
    QStringList problems;
    const QStringList files = sourceFiles(root, {u"*.cpp"_s});
    for (const QString &file : files) {
        if (!listed.contains(file) && !startsWithOneOf(file, {u"tests/fixtures/"_s, u"resources/"_s}))
            problems += file + ":1: no CMakeLists.txt lists it"_L1;
    }
    return problems;
}

} // namespace

const QList<Rule> &repositoryRules()
{
    static const QList<Rule> rules{
        {.name = u"no file over 500 lines"_s, .check = sizes},
        {.name = u"#pragma once in every header"_s, .check = includeGuards},
        {.name = u"no using namespace in headers"_s, .check = usingInHeaders},
        {.name = u"no blocking waits"_s, .check = blockingWaits},
        {.name = u"no sleeping tests"_s, .check = sleepingTests},
        {.name = u"tr() around text for people"_s, .check = bareText},
        {.name = u"no sentences in core"_s, .check = translationInCore},
        {.name = u"SQL in the store only"_s, .check = sqlOutsideTheStore},
        {.name = u"no leftovers"_s, .check = leftovers},
        {.name = u"no registry hosts"_s, .check = registryHosts},
        {.name = u"the code map names every folder"_s, .check = codeMap},
        {.name = u"links between pages lead somewhere"_s, .check = deadLinks},
        {.name = u"every source is built"_s, .check = orphans},
    };
    return rules;
}

SizeShare longerThan(const QString &root, int lines)
{
    SizeShare share;
    const QStringList files = sourceFiles(root, cppFiles());
    for (const QString &file : files) {
        ++share.files;
        share.longer += lineCount(readText(root + u'/' + file)) > lines;
    }
    return share;
}

} // namespace muster::architecture
