#include "core/workspace/stack_scan.h"

#include "core/workspace/stack_rules.h"

#include <QDirIterator>
#include <QHash>
#include <QSet>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMaxEntries = 20'000;
constexpr int kMaxDepth = 8;

QStringList words(std::string_view text, QChar separator = u' ')
{
    return QString::fromLatin1(text).split(separator, Qt::SkipEmptyParts);
}

bool isMadeByTools(const QString &folder)
{
    static const QSet<QString> names{u"node_modules"_s, u"target"_s, u"build"_s,       u"dist"_s, u"out"_s,
                                     u"vendor"_s,       u"venv"_s,   u"__pycache__"_s, u"bin"_s,  u"obj"_s,
                                     u"third_party"_s,  u"deps"_s,   u"coverage"_s};
    return folder.startsWith(u'.') || names.contains(folder);
}

class SourceCounter {
public:
    void count(const QDir &folder, int depth)
    {
        const QFileInfoList entries = folder.entryInfoList(
            QDir::Files | QDir::Dirs | QDir::NoDotAndDotDot | QDir::NoSymLinks, QDir::Name);
        for (const QFileInfo &entry : entries) {
            if (--m_left < 0)
                return;
            if (entry.isFile())
                ++m_bySuffix[u'.' + entry.suffix().toLower()];
            else if (depth < kMaxDepth && !isMadeByTools(entry.fileName()))
                count(QDir(entry.filePath()), depth + 1);
        }
    }
    [[nodiscard]] int of(const StackRule &rule) const
    {
        int sum = 0;
        const QStringList suffixes = words(rule.suffixes);
        for (const QString &suffix : suffixes)
            sum += m_bySuffix.value(suffix);
        return sum;
    }

private:
    QHash<QString, int> m_bySuffix;
    int m_left = kMaxEntries;
};

QString markerOf(const StackRule &rule, const QStringList &files)
{
    const QStringList markers = words(rule.markers);
    for (const QString &marker : markers) {
        for (const QString &file : files) {
            if (marker.startsWith(u'*') ? file.endsWith(QStringView(marker).sliced(1)) : file == marker)
                return file;
        }
    }
    return {};
}

} // namespace

std::vector<StackInfo> detectStacks(const QString &root)
{
    const QDir top(root);
    const QStringList files = top.entryList(QDir::Files | QDir::Hidden, QDir::Name);
    SourceCounter counter;
    counter.count(top, 0);
    std::vector<StackInfo> stacks;
    for (const StackRule &rule : kStackRules) {
        const QString marker = markerOf(rule, files);
        if (marker.isEmpty())
            continue;
        stacks.push_back({.id = QString::fromLatin1(rule.id),
                          .marker = marker,
                          .sources = counter.of(rule),
                          .setupCommands = words(rule.setup, u'\n'),
                          .gateCommands = words(rule.gates, u'\n')});
    }
    // Equal counts keep the table's order, in which the more telling comes first.
    std::ranges::stable_sort(stacks, std::ranges::greater(), &StackInfo::sources);
    return stacks;
}

} // namespace muster
