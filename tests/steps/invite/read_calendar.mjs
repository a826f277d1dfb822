// Reads calendar objects from standard input with ical.js, a parser that shares nothing with ours, and says what stands in them.
import ICAL from "../../../frontend/node_modules/ical.js/dist/ical.js";

let text = "";
for await (const piece of process.stdin) text += piece;

const instant = (time) => new Date(time.toUnixTime() * 1000).toISOString().replace(".000Z", "Z");
const person = (property) => ({
  address: property.getFirstValue(), name: property.getParameter("cn") ?? "", answered: property.getParameter("partstat") ?? "",
  rsvp: property.getParameter("rsvp") ?? "",
});

function read(calendar) {
  ICAL.TimezoneService.reset();
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  return {
    method: calendar.getFirstPropertyValue("method"),
    properties: calendar.getAllProperties().map((each) => each.name).sort(),
    parts: calendar.getAllSubcomponents().map((each) => each.name),
    events: calendar.getAllSubcomponents("vevent").map((component) => {
      const event = new ICAL.Event(component);
      return {
        uid: event.uid, sequence: event.sequence, summary: event.summary, description: event.description, location: event.location,
        url: component.getFirstPropertyValue("url"), status: component.getFirstPropertyValue("status"),
        language: component.getFirstProperty("summary").getParameter("language") ?? "",
        starts_at: instant(event.startDate), ends_at: instant(event.endDate), zone: event.startDate.zone.tzid,
        organizer: person(component.getFirstProperty("organizer")),
        attendees: component.getAllProperties("attendee").map(person),
        alarms: component.getAllSubcomponents("valarm").map((alarm) => alarm.getFirstPropertyValue("trigger").toString()),
        properties: component.getAllProperties().map((each) => each.name).sort(),
      };
    }),
  };
}

const parsed = ICAL.parse(text);
const all = (Array.isArray(parsed[0]) ? parsed : [parsed]).map((each) => read(new ICAL.Component(each)));
process.stdout.write(JSON.stringify(all));
