// deno run show.ts FILE [{"locale": …, "config": …}, …]: what the file puts into which slot, rendered under each of these, as JSON.
const found = (await import(Deno.args[0])).default;
const widgets: { slot: string, op: string, render: () => unknown }[] = typeof found === 'function'
  ? Object.entries((await found()).pluginSlots).flatMap(([slot, { plugins }]: [string, any]) => plugins.map(
    ({ op, widget }: any) => ({ slot, op, render: widget.RenderWidget }),
  ))
  : (found.slots ?? []).map(({ slotId, op, component }: any) => ({ slot: slotId, op, render: component }));
const shown = JSON.parse(Deno.args[1]).map((said: unknown) => {
  Object.assign(globalThis, { said });
  return widgets.map(({ slot, op, render }) => ({ slot, op, shown: render() }));
});
console.log(JSON.stringify(shown));
