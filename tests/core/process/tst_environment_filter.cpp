// What of our environment reaches a child: the allow list and the names asked for, nothing else.
#include "core/process/environment_filter.h"
#include "core/process/launch_spec.h"

#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestEnvironmentFilter : public QObject {
    Q_OBJECT
private slots:
    void allowList_data();
    void allowList();
    void keepsValuesAndExtras();
    void setReplaces();
    void markerNameSurvivesSecretFilters();
};

void TestEnvironmentFilter::allowList_data()
{
    QTest::addColumn<bool>("allowed");
    for (const char *name :
         {"PATH", "HOME", "LANG", "LC_ALL", "LC_MESSAGES", "TERM", "SHELL", "USER", "LOGNAME", "TZ",
          "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "http_proxy", "HTTPS_PROXY", "No_Proxy"})
        QTest::newRow(name) << true;
    for (const char *name :
         {"", "PATHX", "path", "ANTHROPIC_API_KEY", "GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY", "LD_PRELOAD",
          "GIT_DIR", "SSH_AUTH_SOCK", "DBUS_SESSION_BUS_ADDRESS", "XDG_SEAT", "MUSTER_RUN", "DISPLAY",
          "LCALL", "NODE_OPTIONS"})
        QTest::newRow(name) << false;
}

void TestEnvironmentFilter::allowList()
{
    QFETCH(bool, allowed);
    QCOMPARE(isAllowedVariable(QString::fromLatin1(QTest::currentDataTag())), allowed);
}

void TestEnvironmentFilter::keepsValuesAndExtras()
{
    const QStringList environment{u"PATH=/bin:/a=b"_s, u"MY_KEY=1"_s, u"OTHER=2"_s,
                                  u"HOME="_s,          u"broken"_s,   u"=C:=x"_s};
    QCOMPARE(filterEnvironment(environment), (QStringList{u"PATH=/bin:/a=b"_s, u"HOME="_s}));
    QCOMPARE(filterEnvironment(environment, {u"MY_KEY"_s}),
             (QStringList{u"PATH=/bin:/a=b"_s, u"MY_KEY=1"_s, u"HOME="_s}));
    QCOMPARE(environmentValue(environment, u"PATH"), u"/bin:/a=b"_s);
    QCOMPARE(environmentValue(environment, u"MY"), QString());
}

void TestEnvironmentFilter::setReplaces()
{
    QStringList environment{u"A=1"_s, u"B=2"_s};
    setEnvironmentValue(environment, u"A"_s, u"3"_s);
    setEnvironmentValue(environment, u"C"_s, {});
    QCOMPARE(environment, (QStringList{u"B=2"_s, u"A=3"_s, u"C="_s}));
}

// Agents drop variables with such names from what their tools get.
void TestEnvironmentFilter::markerNameSurvivesSecretFilters()
{
    for (const char *name : {runMarkerVariable, guardMarkerVariable}) {
        for (const auto word : {"KEY"_L1, "SECRET"_L1, "TOKEN"_L1})
            QVERIFY(!QString::fromLatin1(name).contains(word));
    }
}

QTEST_GUILESS_MAIN(TestEnvironmentFilter)
#include "tst_environment_filter.moc"
